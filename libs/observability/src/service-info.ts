/**
 * Who this process is: in every log line and on every span. Whoever composes the process provides it,
 * globally: `{ provide: ServiceInfo, useValue: new ServiceInfo('orders', '1.2.0') }`.
 */
export class ServiceInfo {
  constructor(
    readonly name: string,
    readonly version: string,
  ) {}
}
