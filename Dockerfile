# The bot as a container. How it is run (read-only, a volume, secrets as files) stands in
# deploy/compose.yaml, and what to do around it in docs/operating.md.
FROM python:3.13-trixie AS build
RUN python -m venv /opt/countersign
ENV PATH=/opt/countersign/bin:$PATH
WORKDIR /src
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot/ bot/
COPY commands/ commands/
COPY providers/ providers/
COPY storage/ storage/
RUN pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.13-slim-trixie
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin countersign \
    && install -d -m 0700 -o countersign -g countersign /data
COPY --from=build /opt/countersign /opt/countersign
ENV PATH=/opt/countersign/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    COUNTERSIGN_CONFIG=/config/countersign.toml \
    COUNTERSIGN_DATABASE=/data/countersign.db
USER countersign
WORKDIR /data
VOLUME /data
STOPSIGNAL SIGTERM
ENTRYPOINT ["countersign"]
CMD ["run"]
