import { ProtectedResource } from '@gantry/auth';
import { Controller, Get, Header, NotFoundException, Req } from '@nestjs/common';

/** RFC 9728 metadata: where a client finds out which authorization server to ask. Public by design. */
@Controller('.well-known/oauth-protected-resource')
export class MetadataController {
  constructor(private readonly resource: ProtectedResource) {}

  /** At the root, and where the path of the resource is inserted: that path is the public one, whatever a proxy makes of it. */
  @Get(['', '*'])
  @Header('access-control-allow-origin', '*')
  @Header('cache-control', 'public, max-age=300')
  metadata(@Req() request: { url: string }): object {
    const [path] = request.url.split('?', 1);
    if (!this.resource.metadataPaths.includes(path!)) throw new NotFoundException();
    return this.resource.metadata();
  }
}
