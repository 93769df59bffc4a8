# S3 and SQS on one machine (moto), for `docker compose up` alone: it checks no key and no signature.
ARG PYTHON_IMAGE=docker.io/library/python:3.11.14-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
WORKDIR /src
COPY infrastructure/__init__.py infrastructure/toolchain.py infrastructure/
COPY pyproject.toml uv.lock ./
RUN python3 -c "from infrastructure.toolchain import uv; print(uv())" | tail -n 1 > /tmp/uv \
 && UV_PROJECT_ENVIRONMENT=/opt/emulator UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_SYSTEM_CERTS=1 \
    "$(cat /tmp/uv)" sync --frozen --only-group emulator --compile-bytecode --no-cache

FROM ${PYTHON_IMAGE}
COPY --from=build /opt/emulator /opt/emulator
COPY infrastructure/compose/aws_emulator.py infrastructure/compose/aws_emulator_health.py /opt/
RUN install --directory --owner 10001 --group 10001 /var/lib/aws-emulator
ENV PATH=/opt/emulator/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 TMPDIR=/var/lib/aws-emulator
VOLUME /var/lib/aws-emulator
USER 10001:10001
EXPOSE 5000
HEALTHCHECK --interval=10s --timeout=10s --start-period=60s CMD ["python3", "/opt/aws_emulator_health.py"]
ENTRYPOINT ["python3", "/opt/aws_emulator.py"]
