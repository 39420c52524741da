import { bundle } from './bundle.ts';
import { buildImage } from './image.ts';
import { bundleFolder, ContainerError, serviceNamed } from './workspace.ts';

/**
 * Makes what services are deployed as.
 *
 *   node --conditions=@gantry/source tools/containers/src/main.ts bundle records   -> dist/containers/records
 *                                                                 image records    -> ghcr.io/gantry-mcp/gantry-records:0.1.0
 *
 * `bundle` takes the compiled service (`nx build records`), `image` its bundle; `nx run records:container` does all of it.
 */
const [command, name = ''] = process.argv.slice(2);
try {
  const service = serviceNamed(name);
  if (command === 'bundle') await bundle(service.folder, bundleFolder(service));
  else if (command === 'image') console.log(buildImage(service, process.env));
  else throw new ContainerError('Say bundle or image, and the name of a service.');
} catch (error) {
  if (!(error instanceof ContainerError)) throw error;
  console.error(error.message);
  process.exit(1);
}
