import type { DataObject } from '@exprsn/atproto/codec'
import type { StoredRecord } from '@exprsn/atproto/testing'
import { illustratedPage } from './host-files.ts'
import type { World } from './world.ts'

interface Post {
  readonly text: string
  readonly reply?: { readonly parent: { readonly uri: string } }
  readonly embed?: {
    readonly images?: readonly { readonly alt: string }[]
    readonly external?: { readonly uri: string; readonly title: string }
  }
}

type Records = ReadonlyMap<string, StoredRecord>

/** What must hold after every single write: one thread for an item, complete from its beginning, nothing written without need. */
export function watchWrite(world: World, before: Records): void {
  const { host, did, violations, late } = world
  const { records } = host.accounts.get(did)!.repo
  const posts = [...records].filter(([path]) => path.startsWith('app.bsky.feed.post/'))
  for (const [path, { value }] of posts) {
    watchContent(world, value as unknown as Post)
    if (!before.has(path)) watchBeginning(world, records, path)
  }
  if (late) return
  const first = new Set<string>()
  for (const [path, { value, cid }] of posts) {
    const { text, reply } = value as unknown as Post
    const old = before.get(path)
    if (reply === undefined) {
      const item = text.split(' ')[0]!
      if (first.has(item)) violations.push(`${item} stands there twice.`)
      first.add(item)
    } else if (old === undefined && !records.has(pathOf(did, reply.parent.uri)))
      violations.push(`${path} answers a post that is not there.`)
    if (old === undefined) continue
    if (old.value.createdAt !== value.createdAt) violations.push(`${path} has another time than before.`)
    if (String(old.cid) !== String(cid) && contentOf(old.value) === contentOf(value))
      violations.push(`${path} was written anew though its content is the same.`)
  }
}

/** No image is without words where they are asked for, and a page keeps the title that it was first shown with. */
function watchContent({ violations, titles }: World, { text, embed }: Post): void {
  const item = text.split(' ')[0]!
  if (item.startsWith('pictures-') && embed?.images?.some(({ alt }) => alt === ''))
    violations.push(`${item} has an image without words.`)
  const { uri, title } = embed?.external ?? {}
  // One whose picture got lost is read again.
  if (uri === undefined || title === undefined || uri === illustratedPage) return
  const known = titles.get(uri) ?? title
  if (known !== title) violations.push(`${uri} is shown as “${title}” after it was “${known}”.`)
  titles.set(uri, known)
}

/** A thread that is written in one step is there from its first word to its last. */
function watchBeginning({ did, bodies, violations }: World, records: Records, path: string): void {
  const { text, reply } = records.get(path)!.value as unknown as Post
  const item = text.split(' ')[0]!
  if (reply !== undefined || !item.startsWith('threads-')) return
  const texts = [text]
  for (let parent: string | undefined = path; parent !== undefined;) {
    const next = [...records].find(
      ([, { value }]) => pathOf(did, (value as unknown as Post).reply?.parent.uri ?? '') === parent,
    )
    if (next !== undefined) texts.push((next[1].value as unknown as Post).text)
    parent = next?.[0]
  }
  const body = texts.filter((part) => part !== '').join(' ')
  if (bodies.get(item)?.has(body) !== true) violations.push(`${item} did not come in one step.`)
}

function pathOf(did: string, uri: string): string {
  return uri.slice(`at://${did}/`.length)
}

function contentOf({ text, embed }: DataObject): string {
  return JSON.stringify([text, embed])
}
