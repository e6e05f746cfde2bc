# Product Sync on Debian 13. `serve` is the default; the nightly job is the same image with `sync full`.
#   docker build -t product-sync .
#   docker run -v ./config.yaml:/etc/product-sync/config.yaml:ro -v product-sync:/var/lib/product-sync -p 8080:8080 product-sync
#   docker run -v … product-sync sync full
FROM docker.io/library/debian:trixie-slim AS build
WORKDIR /source
COPY scripts/setup scripts/packages.txt scripts/
RUN apt-get update -qq && scripts/setup
COPY . .
RUN cmake --preset release -DPRODUCT_SYNC_TESTS=OFF && cmake --build --preset release --target product-sync
RUN install -D -s build/release/src/product-sync /image/usr/local/bin/product-sync \
 && ldd /image/usr/local/bin/product-sync | awk '$3 ~ /^\// {print $3}' | xargs -n1 realpath | xargs dpkg -S \
    | sed 's/:.*//' | sort -u > /image/runtime-packages.txt

# `docker build --target test .` proves the sources with the libraries of this image.
FROM build AS test
RUN cmake --preset release -DPRODUCT_SYNC_TESTS=ON && scripts/test --quick

FROM docker.io/library/debian:trixie-slim
COPY --from=build /image/runtime-packages.txt /tmp/
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive xargs -a /tmp/runtime-packages.txt apt-get install -y -qq --no-install-recommends ca-certificates tzdata \
 && rm -rf /var/lib/apt/lists/* /tmp/runtime-packages.txt \
 && useradd --system --uid 10001 --home-dir /var/lib/product-sync product-sync \
 && install -d -o product-sync -g product-sync -m 0700 /var/lib/product-sync
COPY --from=build /image/usr/local/bin/product-sync /usr/local/bin/product-sync
USER product-sync
ENV PRODUCT_SYNC_CONFIG=/etc/product-sync/config.yaml
VOLUME /var/lib/product-sync
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${PRODUCT_SYNC_PORT:-8080} && printf 'GET /healthz HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && grep -q '^ok' <&3"]
ENTRYPOINT ["product-sync"]
CMD ["serve"]
