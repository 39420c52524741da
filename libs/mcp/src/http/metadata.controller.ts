import { ProtectedResource } from '@gantry/auth';
import { Controller, Get, Header } from '@nestjs/common';

/** RFC 9728 metadata: where a client finds out which authorization server to ask. Public by design. */
@Controller('.well-known/oauth-protected-resource')
export class MetadataController {
  constructor(private readonly resource: ProtectedResource) {}

  /** For clients that look at the root, and for those that insert the path of the resource. */
  @Get(['', 'mcp'])
  @Header('access-control-allow-origin', '*')
  @Header('cache-control', 'public, max-age=300')
  metadata(): object {
    return this.resource.metadata();
  }
}
