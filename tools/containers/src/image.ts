import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bundleFolder, ContainerError, ROOT, type Service } from './workspace.ts';

const REPOSITORY = 'ghcr.io/gantry-mcp';

/** The name of a service's image: GANTRY_IMAGE_REPOSITORY takes the place of the public repository. */
export function imageName({ name, version }: Service, env: NodeJS.ProcessEnv): string {
  return `${env['GANTRY_IMAGE_REPOSITORY'] || REPOSITORY}/gantry-${name}:${version}`;
}

/**
 * Builds the image of a service from its bundle, and returns its name.
 *
 * GANTRY_NODE_IMAGE takes the place of the public base image; tools/containers/base/build.sh makes one where none can be pulled.
 */
export function buildImage(service: Service, env: NodeJS.ProcessEnv): string {
  const folder = bundleFolder(service);
  if (!existsSync(join(folder, 'dist/main.js')))
    throw new ContainerError(`${service.name} is not bundled: run nx run ${service.name}:bundle.`);
  const image = imageName(service, env);
  const { error, status } = spawnSync('docker', [...buildArguments(service, env), '--tag', image, folder], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0)
    throw new ContainerError(`${image} was not built: ${error?.message ?? `docker ended with ${status}`}`);
  return image;
}

function buildArguments({ name, version }: Service, env: NodeJS.ProcessEnv): string[] {
  const base = env['GANTRY_NODE_IMAGE'];
  const values = { SERVICE: name, VERSION: version, REVISION: revision(), ...(base && { BASE: base }) };
  return [
    'build',
    '--quiet',
    '--file',
    join(ROOT, 'deploy/containers/Containerfile'),
    '--target=prebuilt',
    ...Object.entries(values).map(([key, value]) => `--build-arg=${key}=${value}`),
  ];
}

/** The commit, marked if there is something in the image that is in no commit. */
function revision(): string {
  const git = ['describe', '--always', '--abbrev=40', '--exclude=*', '--dirty'];
  return execFileSync('git', git, { cwd: ROOT, encoding: 'utf8' }).trim();
}
