/** An address in one line, from the house to the province, as a courier reads it. */
export const addressLine = ({
  line,
  ward,
  province,
}: {
  readonly line: string;
  readonly ward: string;
  readonly province?: string | undefined;
}): string => [line, ward, province].filter(Boolean).join(', ');
