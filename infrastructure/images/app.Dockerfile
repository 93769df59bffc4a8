# API, worker and migration: one image, three commands (docker-compose.yml). Built from the project's top folder:
#   docker build -f infrastructure/images/app.Dockerfile .
# Any base with Python >= 3.11 on glibc does. For production name it with its digest, python:...@sha256:...
ARG PYTHON_IMAGE=docker.io/library/python:3.11.14-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
WORKDIR /src
# The packages first: they change seldom. uv itself comes from uv.lock too, with its hash.
COPY infrastructure/__init__.py infrastructure/toolchain.py infrastructure/
COPY pyproject.toml uv.lock ./
RUN python3 -c "from infrastructure.toolchain import uv; print(uv())" | tail -n 1 > /tmp/uv \
 && UV_PROJECT_ENVIRONMENT=/opt/driftline UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_SYSTEM_CERTS=1 \
    "$(cat /tmp/uv)" sync --frozen --no-dev --extra cloud --extra tracing --no-install-project --compile-bytecode --no-cache
COPY README.md LICENSE ./
COPY domain domain
COPY adapters adapters
COPY entrypoints entrypoints
RUN UV_PROJECT_ENVIRONMENT=/opt/driftline UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_SYSTEM_CERTS=1 \
    "$(cat /tmp/uv)" sync --frozen --no-dev --extra cloud --extra tracing --no-editable --compile-bytecode --no-cache

FROM ${PYTHON_IMAGE}
# Nothing is installed in a running container: no pip, no apt.
RUN rm -rf /usr/local/lib/python3*/site-packages/* /usr/local/lib/python3*/ensurepip /usr/local/bin/pip* \
        /usr/lib/python3/dist-packages/pip* /usr/lib/python3*/ensurepip /usr/share/python-wheels \
        /usr/bin/apt* /usr/lib/apt /var/lib/apt /var/cache/apt \
 && groupadd --gid 10001 driftline \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/driftline --shell /usr/sbin/nologin driftline \
 && install --directory --owner 10001 --group 10001 /var/lib/driftline
COPY --from=build /opt/driftline /opt/driftline
ENV PATH=/opt/driftline/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DRIFTLINE_DATA_DIR=/var/lib/driftline \
    DRIFTLINE_HOST=0.0.0.0 \
    DRIFTLINE_LOG_FORMAT=json
WORKDIR /var/lib/driftline
# Files being received or processed; each container has a disk of its own for them, the rest of it is read-only.
VOLUME /var/lib/driftline
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=10s --start-period=60s --retries=3 CMD ["python3", "-m", "entrypoints.probe", "api"]
ENTRYPOINT ["driftline"]
CMD ["serve"]
