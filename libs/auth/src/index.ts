export { authSettings, type AuthSettings } from './auth.settings.ts';
export { AuthModule, type AuthOptions } from './auth.module.ts';
export { AuthenticationError, type AuthenticationFailure } from './authentication-error.ts';
export { AuthorizeStage, missingScopes } from './authorize.stage.ts';
export { ProtectedResource, type ProtectedResourceMetadata } from './protected-resource.ts';
export { ScopeHierarchy, type ScopeImplications } from './scope-hierarchy.ts';
export { ServiceTokens } from './service-tokens.ts';
export { stdioPrincipal, stdioPrincipalSettings } from './stdio-principal.ts';
export { TokenVerifier } from './token-verifier.ts';
