/** The part of oidc-provider that the authorization server uses; the package carries no types of its own. */
declare module 'oidc-provider' {
  import type { EventEmitter } from 'node:events';
  import type { IncomingMessage, ServerResponse } from 'node:http';

  export interface Client {
    readonly clientId: string;
    readonly clientName?: string;
    /** The only scopes that it may ask for, separated by blanks; absent if it may ask for any. */
    readonly scope?: string;
    grantTypeAllowed(type: string): boolean;
  }

  export interface Token {
    readonly kind: string;
    readonly clientId: string;
    /** Absent on tokens that a client got in its own name. */
    readonly accountId?: string;
  }

  export interface Interaction {
    readonly params: {
      readonly client_id: string;
      readonly redirect_uri: string;
      readonly resource?: string | string[];
      readonly scope?: string;
    };
    readonly session?: { readonly accountId: string };
  }

  export interface Grant {
    addOIDCScope(scope: string): void;
    addResourceScope(resource: string, scope: string): void;
    save(): Promise<string>;
  }

  export class Provider extends EventEmitter {
    constructor(issuer: string, configuration: object);
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
    interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<Interaction>;
    interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>;
    readonly Client: { find(id: string): Promise<Client | undefined> };
    readonly Grant: new (properties: { accountId: string; clientId: string }) => Grant;
  }

  export namespace errors {
    class InvalidTarget extends Error {
      constructor(description?: string);
    }
    class InvalidRequest extends Error {
      constructor(description?: string);
    }
    class SessionNotFound extends Error {}
  }
}
