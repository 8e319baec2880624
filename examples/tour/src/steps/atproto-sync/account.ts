import type { Network } from './network.ts'

export const collection = 'com.example.note'

/** An account that writes. */
export interface Account {
  readonly did: string
  /** Creates records in one commit. */
  create(first: number, count: number): Promise<void>
  /** Edits one record and deletes another. */
  change(edited: number, deleted: number): Promise<void>
  /** Every record as the server lists it: URI → CID. */
  list(): Promise<Map<string, string>>
}

/** Makes an account on the server. */
export async function createAccount({ url }: Network, name: string): Promise<Account> {
  const call = async (method: string, token: string | undefined, json: object): Promise<Record<string, string>> => {
    const response = await fetch(`${url}/xrpc/${method}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(json),
    })
    if (!response.ok) throw new Error(`${method}: ${response.status} ${await response.text()}`)
    return (await response.json()) as Record<string, string>
  }
  const json = { handle: `${name}.test`, email: `${name}@example.com`, password: 'password' }
  const { did, accessJwt } = await call('com.atproto.server.createAccount', undefined, json)
  const write = (kind: string, number: number, text?: string) => ({
    $type: `com.atproto.repo.applyWrites#${kind}`,
    collection,
    rkey: `note-${number}`,
    ...(text === undefined ? {} : { value: { $type: collection, text } }),
  })
  const apply = (writes: readonly object[]) => call('com.atproto.repo.applyWrites', accessJwt, { repo: did!, writes })
  return {
    did: did!,
    async create(first, count) {
      await apply(Array.from({ length: count }, (_, index) => write('create', first + index, `note ${first + index}`)))
    },
    async change(edited, deleted) {
      await apply([write('update', edited, 'edited'), write('delete', deleted)])
    },
    async list() {
      const records = new Map<string, string>()
      for (let cursor: string | undefined; ;) {
        const query = new URLSearchParams({
          repo: did!,
          collection,
          limit: '100',
          ...(cursor === undefined ? {} : { cursor }),
        })
        const response = await fetch(`${url}/xrpc/com.atproto.repo.listRecords?${query}`)
        const page = (await response.json()) as { records: { uri: string; cid: string }[]; cursor?: string }
        for (const { uri, cid } of page.records) records.set(uri, cid)
        if (page.cursor === undefined || page.records.length === 0) return records
        cursor = page.cursor
      }
    },
  }
}
