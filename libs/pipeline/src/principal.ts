/** On whose behalf a call runs: tenant + subject + client. */
export interface Principal {
  /** The only source of the tenant is the token (or, on stdio, the configuration); never an argument. */
  readonly tenant: string;
  readonly subject: string;
  /** OAuth client id of the agent or program that calls. */
  readonly client: string;
  /** Granted scopes with everything that the hierarchy implies already added. */
  readonly scopes: ReadonlySet<string>;
}
