# The service as a small, non-root container: one native executable that needs no runtime. The root file system may be read-only; the service
# writes only to /data.
#
#   docker build -t defect-notifier .
#   docker run --read-only -v defect-notifier:/data -p 8080:8080 -e Ingress__Secrets__0=... defect-notifier
#
# "--target runtime" builds an image on the .NET runtime instead, which can be cross-compiled for another architecture.
#
# For a build that can be repeated, pin the base images: --build-arg SDK_DIGEST=@sha256:... and the others below.
ARG SDK_DIGEST=
ARG ASPNET_DIGEST=
ARG DEPS_DIGEST=

# The files that a restore reads: as long as they do not change, Docker reuses the layer with the packages.
FROM scratch AS projects
COPY global.json /
COPY src/Directory.Build.props src/Directory.Packages.props src/BannedSymbols.txt /src/
COPY src/DefectNotifier/DefectNotifier.csproj src/DefectNotifier/packages.lock.json /src/DefectNotifier/
COPY src/DefectNotifier.Sqlite/DefectNotifier.Sqlite.csproj src/DefectNotifier.Sqlite/packages.lock.json /src/DefectNotifier.Sqlite/
COPY src/DefectNotifier.Chat/DefectNotifier.Chat.csproj src/DefectNotifier.Chat/packages.lock.json /src/DefectNotifier.Chat/
COPY src/DefectNotifier.Console/DefectNotifier.Console.csproj src/DefectNotifier.Console/packages.lock.json /src/DefectNotifier.Console/
COPY src/DefectNotifier.Worker/DefectNotifier.Worker.csproj src/DefectNotifier.Worker/packages.lock.json /src/DefectNotifier.Worker/

FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0${SDK_DIGEST} AS build-runtime
ARG TARGETARCH
WORKDIR /source
COPY --from=projects / ./
RUN dotnet restore src/DefectNotifier.Worker --locked-mode -p:PublishReadyToRun=true
COPY .editorconfig ./
COPY templates templates
COPY src src
RUN dotnet publish src/DefectNotifier.Worker --no-restore --configuration Release --arch $TARGETARCH --output /app \
    && rm /app/*.xml && mkdir /data

# The "extra" image contains time zones, for Templates:TimeZone and the date helper.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra${ASPNET_DIGEST} AS runtime
WORKDIR /app
COPY --from=build-runtime /app ./
COPY templates templates
COPY --from=build-runtime --chown=1654:1654 /data /data
ENV Ingress__Url=http://0.0.0.0:8080 \
    Operations__Url=http://0.0.0.0:8081 \
    Outbox__Path=/data/defect-notifier.db \
    DOTNET_EnableDiagnostics=0 \
    ASPNETCORE_HTTP_PORTS=
VOLUME /data
EXPOSE 8080 8081
USER 1654
HEALTHCHECK --interval=30s --timeout=10s --start-period=20s CMD ["dotnet", "DefectNotifier.Worker.dll", "healthcheck"]
ENTRYPOINT ["dotnet", "DefectNotifier.Worker.dll"]

# The native executable can be built only on the target architecture.
FROM mcr.microsoft.com/dotnet/sdk:10.0${SDK_DIGEST} AS build
RUN apt-get update && apt-get install -y --no-install-recommends clang zlib1g-dev
WORKDIR /source
COPY --from=projects / ./
# The lock files cover the managed packages. Their versions and hashes are checked first; the second restore adds the native compiler.
RUN dotnet restore src/DefectNotifier.Worker --locked-mode \
    && dotnet restore src/DefectNotifier.Worker --use-current-runtime -p:PublishAot=true
COPY .editorconfig ./
COPY templates templates
COPY src src
RUN dotnet publish src/DefectNotifier.Worker --no-restore --configuration Release --use-current-runtime -p:PublishAot=true --output /app \
    && rm /app/*.dbg /app/*.pdb /app/*.xml && mkdir /data

FROM mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled-extra${DEPS_DIGEST}
WORKDIR /app
COPY --from=build /app ./
COPY templates templates
COPY --from=build --chown=1654:1654 /data /data
# Listening beyond loopback needs a secret (Ingress__Secrets__0); without one the service reports an error and stops.
# Diagnostics are disabled because they write to /tmp.
ENV Ingress__Url=http://0.0.0.0:8080 \
    Operations__Url=http://0.0.0.0:8081 \
    Outbox__Path=/data/defect-notifier.db \
    DOTNET_EnableDiagnostics=0
VOLUME /data
EXPOSE 8080 8081
USER 1654
HEALTHCHECK --interval=30s --timeout=10s --start-period=20s CMD ["/app/DefectNotifier.Worker", "healthcheck"]
ENTRYPOINT ["/app/DefectNotifier.Worker"]
