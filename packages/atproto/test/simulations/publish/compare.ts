import { cidOf } from '@exprsn/atproto/codec'
import type { Publisher } from '@exprsn/atproto/publish'
import { splitPost } from '@exprsn/atproto/richtext'
import type { StoredRecord } from '@exprsn/atproto/testing'
import { fileOf, sideOf } from './host-files.ts'
import type { Item, Items, World } from './world.ts'

const imagesOfPost = 4

interface Expected {
  readonly text: string
  readonly images: NonNullable<Item['images']>
  readonly card: string | undefined
  readonly parent: string | undefined
  readonly cid: string | undefined
}

/** Whether the repository has what it should have, and nothing else. */
export async function compare(world: World, publisher: Publisher<Items>): Promise<void> {
  const { host, did, model, violations } = world
  const rest = new Map(host.accounts.get(did)!.repo.records)
  const items = await publisher.list({ limit: 1_000 })
  for (const { id, state, reason, records } of items) {
    const item = model.get(id)
    const expected = item === undefined ? 'deleted' : 'published'
    if (state !== expected) violations.push(`${id} is ${state} (${reason ?? ''}), not ${expected}.`)
    const texts = item === undefined ? [] : textsOf(item)
    if (records.length !== texts.length) violations.push(`${id} has ${records.length} records, not ${texts.length}.`)
    let parent: string | undefined
    for (const [index, { uri, cid }] of records.entries()) {
      const path = uri.slice(`at://${did}/`.length)
      const record = rest.get(path)
      rest.delete(path)
      // Nobody looks after what others have changed since.
      if (id.startsWith('docs')) continue
      const images = (item?.images ?? []).slice(index * imagesOfPost, (index + 1) * imagesOfPost)
      const card = index === 0 ? item?.card : undefined
      compareRecord(world, `${id}/${index}`, record, { text: texts[index]!, images, card, parent, cid })
      parent = uri
    }
  }
  for (const id of model.keys())
    if (!items.some((item) => item.id === id)) violations.push(`${id} is not known any more.`)
  for (const path of rest.keys()) violations.push(`${path} belongs to nothing.`)
}

function textsOf({ id, body, images = [] }: Item): string[] {
  if (id.startsWith('docs')) return [body]
  const texts = splitPost(body).map(({ text }) => text)
  while (texts.length < Math.ceil(images.length / imagesOfPost)) texts.push('')
  return texts
}

function compareRecord(
  { violations }: World,
  name: string,
  record: StoredRecord | undefined,
  expected: Expected,
): void {
  if (record === undefined) return void violations.push(`${name} is missing.`)
  const { text, reply, embed } = record.value as {
    text: string
    reply?: { parent: { uri: string } }
    embed?: {
      images?: { image: { ref: unknown }; alt: string; aspectRatio: { width: number } }[]
      external?: { uri: string }
    }
  }
  if (text !== expected.text) violations.push(`${name} is “${text.slice(0, 30)}”.`)
  if (reply?.parent.uri !== expected.parent) violations.push(`${name} answers ${String(reply?.parent.uri)}.`)
  if (String(record.cid) !== expected.cid) violations.push(`${name} has another CID than is known.`)
  if (embed?.external?.uri !== expected.card) violations.push(`${name} shows ${String(embed?.external?.uri)}.`)
  const shown = (embed?.images ?? []).map(
    ({ image, alt, aspectRatio }) => `${String(image.ref)} ${aspectRatio.width} ${alt}`,
  )
  const wanted = expected.images.map(({ ref, alt }) => `${String(cidOf('raw', fileOf(ref)))} ${sideOf(ref)} ${alt}`)
  if (shown.join('\n') !== wanted.join('\n')) violations.push(`${name} has other images: ${shown.join(', ')}.`)
}
