# An image that contains only newsprint:
#
#   docker build -t newsprint .
#   docker run --rm --user "$(id -u):$(id -g)" -v "$PWD/my-digest:/digest" newsprint build
#   docker run --rm -p 1111:1111 -v "$PWD/my-digest:/digest" newsprint serve --interface 0.0.0.0 --port 1111
#
# Certificates and time zones are in the program. `deploy` does not work, because it needs git.
FROM rust:1-alpine AS build
RUN apk add --no-cache musl-dev
WORKDIR /newsprint
COPY . .
RUN cargo build --profile dist --locked

FROM scratch
COPY --from=build /newsprint/target/dist/newsprint /newsprint
WORKDIR /digest
ENTRYPOINT ["/newsprint"]
