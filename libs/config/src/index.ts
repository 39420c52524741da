export { ConfigError, type ConfigProblem } from './config-error.ts';
export { Config, loadConfig, type DescribedSetting } from './config.ts';
export { ConfigModule } from './config.module.ts';
export { configSettings } from './config-settings.ts';
export type { Environment, Source } from './resolve.ts';
export type { RotationProblem, RotationProblemListener } from './rotating-secrets.ts';
export { flag, list } from './schemas.ts';
export { Secret, type RotationListener } from './secret.ts';
export { signingKeyList, SigningKeys } from './signing-keys.ts';
export {
  defineSettings,
  secret,
  setting,
  type Setting,
  type SettingOptions,
  type SettingsGroup,
  type SettingsOf,
} from './settings.ts';
export { collectSettings, UsesSettings, type ModuleReference } from './uses-settings.ts';
