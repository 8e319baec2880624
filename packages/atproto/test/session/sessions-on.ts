import { createKeyring } from '@exprsn/core/crypto'
import type { Database } from '@exprsn/core/database'
import { oauthClientNode } from '@exprsn/atproto/drivers/oauth-client-node'
import { createOAuthSessions, type OAuthSessions } from '@exprsn/atproto/session'

/** Opens what these tests seal. */
export const keyring = createKeyring({
  keys: [{ id: 'test', secret: Buffer.from(Array.from({ length: 32 }, (_, index) => index * 7)) }],
})

/** Sessions with the official client, every grant that refreshed one, and who has asked for another nonce. */
export function sessionsOn(database: Database, network: { readonly url: string; readonly plcUrl: string }) {
  const grants: number[] = []
  const nonces: string[] = []
  const redirect = 'http://127.0.0.1:9/callback'
  const scope = 'atproto transition:generic'
  const sessions: OAuthSessions = createOAuthSessions({
    database,
    keyring,
    library: oauthClientNode({
      clientMetadata: {
        client_id: `http://localhost?${new URLSearchParams({ redirect_uri: redirect, scope })}`,
        redirect_uris: [redirect],
        scope,
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        dpop_bound_access_tokens: true,
      },
      handleResolver: network.url,
      plcDirectoryUrl: network.plcUrl,
      allowHttp: true,
      async fetch(input, init) {
        const request = new Request(input as Request, init)
        const isToken = new URL(request.url).pathname === '/oauth/token'
        const body = isToken ? await request.clone().text() : ''
        const response = await fetch(request)
        const isAsked = (await response.clone().text()).includes('use_dpop_nonce')
        if (isAsked) nonces.push(new URL(request.url).pathname)
        if (body.includes('refresh_token') && !body.includes('authorization_code')) grants.push(response.status)
        return response
      },
    }),
  })
  return { sessions, grants, nonces }
}
