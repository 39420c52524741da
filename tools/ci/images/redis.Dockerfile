FROM gantry-ci/debian
EXPOSE 6379
WORKDIR /var/lib/redis
ENTRYPOINT ["gosu", "redis"]
CMD ["redis-server", "--bind", "*", "--protected-mode", "no"]
