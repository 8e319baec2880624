import type { OAuthLibrary, OAuthSessionLike } from '@exprsn/atproto/session'
import type { FakePds } from '@exprsn/atproto/testing'

interface Kept {
  readonly grant: number
  readonly tokenSet: { readonly aud: string; readonly token: string }
}

/** A library that logs in at the host where the account is, and does with the stores what the official one does. */
export class FakeOAuth {
  /** Where accounts log in. */
  host: FakePds
  readonly #did: string
  readonly #revoked = new Set<number>()
  #grants = 0

  constructor(did: string, host: FakePds) {
    this.#did = did
    this.host = host
  }

  /** Ends what the account has allowed, as its owner does at the host. */
  revokeGrants(): void {
    for (let grant = 1; grant <= this.#grants; grant++) this.#revoked.add(grant)
  }

  readonly library: OAuthLibrary = async ({ sessionStore, requestLock }) => {
    const open = ({ tokenSet: { aud, token }, grant }: Kept): OAuthSessionLike => ({
      did: this.#did,
      fetchHandler: async (path, init) => {
        if (!this.#revoked.has(grant)) {
          const headers = { ...(init?.headers as Record<string, string>), authorization: `Bearer ${token}` }
          return fetch(new URL(path, aud), { ...init, headers })
        }
        // The library finds out when it refreshes, and gives the answer that it had before.
        await sessionStore.del(this.#did)
        return Response.json({ error: 'invalid_token', message: 'The token was revoked' }, { status: 401 })
      },
    })
    return {
      authorize: async (input) => new URL(`/authorize?${new URLSearchParams({ input })}`, this.host.url),
      callback: async () => {
        const { url } = this.host
        const made = await fetch(`${url}/xrpc/com.atproto.server.createSession`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ identifier: this.#did, password: 'password' }),
        })
        const { accessJwt: token } = (await made.json()) as { accessJwt: string }
        const kept: Kept = { grant: ++this.#grants, tokenSet: { aud: url, token } }
        await sessionStore.set(this.#did, kept)
        return { session: open(kept), state: null }
      },
      restore: (did) =>
        requestLock(did, async () => {
          const kept = (await sessionStore.get(did)) as Kept | undefined
          if (kept === undefined) throw new Error('The session was deleted by another process')
          return open(kept)
        }),
      revoke: (did) => sessionStore.del(did),
    }
  }
}
