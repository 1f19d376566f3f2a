# syntax=docker/dockerfile:1
# Build:  docker build -t newsmonitor .
# Start:  docker run --rm -v newsmonitor:/data newsmonitor init          (once; then edit config.toml in the volume)
#         docker run -d --name newsmonitor --restart unless-stopped --read-only --tmpfs /tmp \
#                    --cap-drop ALL --security-opt no-new-privileges -v newsmonitor:/data newsmonitor
# The volume holds config.toml, the database and its backups; nothing else is written.

FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE config.example.toml ./
COPY seeds seeds
COPY monitor monitor
RUN python -m venv /opt/newsmonitor \
 && /opt/newsmonitor/bin/pip install --quiet --no-cache-dir --disable-pip-version-check -c constraints.txt . \
 && /opt/newsmonitor/bin/python -m compileall -q -j 0 /opt/newsmonitor/lib \
 && /opt/newsmonitor/bin/pip uninstall --quiet --yes setuptools pip

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="newsmonitor" org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --system --gid 10001 monitor \
 && useradd --system --uid 10001 --gid 10001 --home-dir /data --shell /usr/sbin/nologin monitor \
 && install --directory --owner=10001 --group=10001 --mode=0750 /data
COPY --from=build /opt/newsmonitor /opt/newsmonitor
ENV PATH=/opt/newsmonitor/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER 10001:10001
WORKDIR /data
VOLUME ["/data"]
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["monitor", "health"]
ENTRYPOINT ["monitor"]
CMD ["run"]
