import { Config, UsesSettings } from '@gantry/config';
import { HealthRegistry, Log, Metrics } from '@gantry/observability';
import { Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { AuthMetrics } from './auth.metrics.ts';
import { authSettings } from './auth.settings.ts';
import { AuthorizeStage } from './authorize.stage.ts';
import { IssuerHttp } from './issuer-http.ts';
import { IssuerKeys } from './issuer-keys.ts';
import { ProtectedResource } from './protected-resource.ts';
import { ScopeHierarchy } from './scope-hierarchy.ts';
import { ServiceTokens } from './service-tokens.ts';
import { stdioPrincipalSettings } from './stdio-principal.ts';
import { TokenVerifier } from './token-verifier.ts';

/** What a service says about its scopes. */
export interface AuthOptions {
  /** Implications beyond `admin` ⊃ `write` ⊃ `read`. */
  readonly hierarchy?: ScopeHierarchy;
  /** Scopes that clients are told to ask for: those of everyday use. A rare right is better asked for when a call needs it. */
  readonly scopesSupported?: readonly string[];
}

/** Everything that decides who calls and what they may do. Global. */
@UsesSettings(authSettings, stdioPrincipalSettings)
@Module({})
export class AuthModule implements OnModuleInit {
  constructor(
    private readonly config: Config,
    private readonly keys: IssuerKeys,
    private readonly health: HealthRegistry,
  ) {}

  static forRoot({
    hierarchy = new ScopeHierarchy(),
    scopesSupported = [],
  }: AuthOptions = {}): DynamicModule {
    return {
      module: AuthModule,
      global: true,
      providers: [
        AuthorizeStage,
        { provide: ScopeHierarchy, useValue: hierarchy },
        {
          provide: AuthMetrics,
          inject: [Metrics],
          useFactory: ({ registry }: Metrics) => new AuthMetrics(registry),
        },
        {
          provide: IssuerHttp,
          inject: [Config],
          useFactory: (config: Config) => {
            const { timeoutSeconds, allowInsecureIssuer } = config.get(authSettings);
            return new IssuerHttp({ timeoutMs: timeoutSeconds * 1000, allowInsecure: allowInsecureIssuer });
          },
        },
        {
          provide: IssuerKeys,
          inject: [Config, IssuerHttp, Log, AuthMetrics],
          useFactory: (config: Config, http: IssuerHttp, log: Log, metrics: AuthMetrics) =>
            new IssuerKeys(config.get(authSettings), http, log, metrics),
        },
        {
          provide: ProtectedResource,
          inject: [Config],
          useFactory: (config: Config) => new ProtectedResource(config.get(authSettings), scopesSupported),
        },
        {
          provide: TokenVerifier,
          inject: [Config, IssuerKeys, ProtectedResource, ScopeHierarchy, AuthMetrics],
          useFactory: (
            config: Config,
            keys: IssuerKeys,
            resource: ProtectedResource,
            scopes: ScopeHierarchy,
            metrics: AuthMetrics,
          ) => new TokenVerifier(config.get(authSettings), keys, resource, scopes, metrics),
        },
        {
          provide: ServiceTokens,
          inject: [Config, IssuerHttp],
          useFactory: (config: Config, http: IssuerHttp) => new ServiceTokens(config.get(authSettings), http),
        },
      ],
      exports: [AuthorizeStage, ProtectedResource, ScopeHierarchy, ServiceTokens, TokenVerifier],
    };
  }

  /** A process without an issuer serves stdio, and its health has no use for one. */
  onModuleInit(): void {
    if (this.config.get(authSettings).issuer === undefined) return;
    this.health.register('auth', async () => {
      const { count } = await this.keys.current();
      return { known_keys: count, confirmed_seconds_ago: Math.round(this.keys.age / 1000) };
    });
  }
}
