/** Collects what a gateway lists from the newest to the oldest, and gives it the other way round. */
export async function* oldestFirst<Item>(newestFirst: AsyncIterable<Item>): AsyncIterable<Item> {
  const items: Item[] = []
  for await (const item of newestFirst) items.push(item)
  yield* items.toReversed()
}
