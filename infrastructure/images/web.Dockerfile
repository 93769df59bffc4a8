# Nginx with the built page, in front of the API. Built from the project's top folder:
#   docker build -f infrastructure/images/web.Dockerfile .
# For production name both bases with their digests, nginx:...@sha256:...
ARG PYTHON_IMAGE=docker.io/library/python:3.11.14-slim-bookworm
ARG NGINX_IMAGE=docker.io/library/nginx:1.29.8

FROM ${PYTHON_IMAGE} AS build
WORKDIR /src
# Node.js comes from uv.lock, with its hash; the packages first, they change seldom.
COPY infrastructure/__init__.py infrastructure/toolchain.py infrastructure/prepare.py infrastructure/
COPY pyproject.toml uv.lock ./
COPY frontend/package.json frontend/package-lock.json frontend/
RUN python3 -c "from infrastructure import prepare; prepare.page_packages()"
COPY frontend frontend
RUN python3 -c "from infrastructure import prepare; prepare.page()"

FROM ${NGINX_IMAGE}
COPY --from=build /src/frontend/dist /srv/www
COPY infrastructure/web /opt/driftline-web
USER 10101:10101
EXPOSE 8080 8443
HEALTHCHECK --interval=10s --timeout=10s --start-period=20s --retries=3 CMD ["/opt/driftline-web/healthy"]
STOPSIGNAL SIGQUIT
ENTRYPOINT ["/opt/driftline-web/start"]
CMD []
