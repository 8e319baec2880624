import type { StoredRecord } from '@exprsn/atproto/testing'
import type { World } from './world.ts'

/** What must hold after every single write: one thread for an item, complete from its beginning, nothing written without need. */
export function watchWrite(world: World, before: ReadonlyMap<string, StoredRecord>): void {
  const { host, did, violations, late } = world
  const { records } = host.accounts.get(did)!.repo
  if (late) return
  const first = new Set<string>()
  for (const [path, { value, cid }] of records) {
    const { text, reply } = value as { text?: string; reply?: { parent: { uri: string } } }
    if (text === undefined) continue
    const old = before.get(path)
    if (reply === undefined) {
      const item = text.split(' ')[0]!
      if (first.has(item)) violations.push(`${item} stands there twice.`)
      first.add(item)
    } else if (old === undefined && !records.has(reply.parent.uri.slice(`at://${did}/`.length)))
      violations.push(`${path} answers a post that is not there.`)
    if (old !== undefined && old.value.createdAt !== value.createdAt)
      violations.push(`${path} has another time than before.`)
    if (old !== undefined && String(old.cid) !== String(cid) && old.value.text === text)
      violations.push(`${path} was written anew though its text is the same.`)
  }
}
