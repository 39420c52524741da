import { readFileSync } from 'node:fs';

const TEMPLATE = new URL('../../../deploy/gateway/nginx/templates/default.conf.template', import.meta.url);

/** The shipped configuration, as it is. */
export function gatewayTemplate(): string {
  return readFileSync(TEMPLATE, 'utf8');
}

/** Renders a template as the official image does: variables that are set are put in, all else is nginx's own. */
export function render(template: string, variables: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\$\{(\w+)\}/g, (reference, name: string) => variables[name] ?? reference);
}
