import type { SourceItem, SourceMessage, SyncSource } from '@exprsn/atproto/sync'

/** How often each disturbance took place. */
export interface Disturbances {
  lost: number
  doubled: number
  swapped: number
  corrupted: number
}

/** A source whose stream loses, doubles and swaps commits, and flips a bit in one of them, whoever sends them. */
export function disturbedSource(source: SyncSource): SyncSource & { readonly disturbances: Disturbances } {
  const disturbances: Disturbances = { lost: 0, doubled: 0, swapped: 0, corrupted: 0 }
  let commits = 0

  async function* disturb(items: AsyncIterable<SourceItem>): AsyncGenerator<SourceItem, void, undefined> {
    let held: SourceItem | undefined
    for await (const item of items) {
      if (item.kind !== 'message' || item.message.kind !== 'commit') {
        yield item
        continue
      }
      commits++
      if (commits === 30) {
        disturbances.corrupted++
        yield { ...item, message: flipped(item.message) }
      } else if (commits % 17 === 0) disturbances.lost++
      else if (commits % 13 === 0) {
        disturbances.doubled++
        yield* [item, item]
      } else if (commits % 11 === 0 && held === undefined) {
        held = item
        continue
      } else yield item
      if (held === undefined) continue
      disturbances.swapped++
      yield held
      held = undefined
    }
  }

  return {
    name: source.name,
    listsAll: source.listsAll,
    open: (options) => disturb(source.open(options)),
    listRepos: (options) => source.listRepos!(options),
    fetchRepo: (did, options) => source.fetchRepo!(did, options),
    disturbances,
  }
}

/** With one bit of its blocks turned. */
function flipped(message: SourceMessage & { readonly kind: 'commit' }): SourceMessage {
  const blocks = Uint8Array.from(message.body.blocks as Uint8Array)
  blocks[blocks.length - 10]! ^= 1
  return { ...message, body: { ...message.body, blocks } }
}
