/**
 * Who this process is: in every log line and on every span. Whoever composes the process says it, with
 * {@link ServiceInfoModule}.
 */
export class ServiceInfo {
  constructor(
    readonly name: string,
    readonly version: string,
  ) {}
}
