# The service as a small, non-root container. The root file system may be read-only: everything that is written goes to /data.
#
#   docker build -t defect-notifier .
#   docker run --read-only -v defect-notifier:/data -p 8080:8080 -e Ingress__Secrets__0=... defect-notifier
#
# With "--target executable" it is one executable without a runtime, which starts at once and takes less memory.

# What both need, and the packages in a layer of their own.
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0 AS sources
WORKDIR /source
COPY global.json ./
COPY src/Directory.Build.props src/Directory.Packages.props src/BannedSymbols.txt src/
COPY src/DefectNotifier/DefectNotifier.csproj src/DefectNotifier/packages.lock.json src/DefectNotifier/
COPY src/DefectNotifier.Storage/DefectNotifier.Storage.csproj src/DefectNotifier.Storage/packages.lock.json src/DefectNotifier.Storage/
COPY src/DefectNotifier.Chat/DefectNotifier.Chat.csproj src/DefectNotifier.Chat/packages.lock.json src/DefectNotifier.Chat/
COPY src/DefectNotifier.Worker/DefectNotifier.Worker.csproj src/DefectNotifier.Worker/packages.lock.json src/DefectNotifier.Worker/
RUN dotnet restore src/DefectNotifier.Worker --locked-mode -p:PublishReadyToRun=true
COPY .editorconfig ./
COPY templates templates
COPY src src

FROM sources AS build
ARG TARGETARCH
RUN dotnet publish src/DefectNotifier.Worker --no-restore --configuration Release --arch $TARGETARCH --output /app \
    && mkdir /data

# On the machine that it is for: what links it does not link for another one.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build-executable
ARG TARGETARCH
RUN apt-get update && apt-get install -y --no-install-recommends clang zlib1g-dev
WORKDIR /source
COPY --from=sources /source ./
RUN dotnet publish src/DefectNotifier.Worker --configuration Release --arch $TARGETARCH -p:PublishAot=true --output /app \
    && rm /app/*.dbg && mkdir /data

FROM mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled-extra AS executable
WORKDIR /app
COPY --from=build-executable /app ./
COPY templates templates
COPY --from=build-executable --chown=1654:1654 /data /data
ENV Ingress__Url=http://0.0.0.0:8080 \
    Operations__Url=http://0.0.0.0:8081 \
    Outbox__Path=/data/defect-notifier.db \
    DOTNET_EnableDiagnostics=0
VOLUME /data
EXPOSE 8080 8081
USER 1654
HEALTHCHECK --interval=30s --timeout=10s --start-period=20s CMD ["/app/DefectNotifier.Worker", "healthcheck"]
ENTRYPOINT ["/app/DefectNotifier.Worker"]

# The extra image has the time zones that Templates:TimeZone and the date helper name.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra
WORKDIR /app
COPY --from=build /app ./
COPY templates templates
COPY --from=build --chown=1654:1654 /data /data
# Listening beyond loopback needs a secret (Ingress__Secrets__0): without one the service says so and stops.
# Diagnostics would want to write to /tmp.
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
