import { createHash } from 'node:crypto'
import { toDataJson, type DataObject } from '../codec/index.ts'
import { PostDraft } from '../publish/index.ts'

type Json = Readonly<Record<string, unknown>>

/** Text that changes when what the mapping makes of an item does. */
export function digestOfMade(made: PostDraft | DataObject): string {
  const text =
    made instanceof PostDraft ? JSON.stringify([made.content, made.settings]) : JSON.stringify(toDataJson(made))
  return createHash('sha256').update(text).digest('base64url')
}

/** Paths of the fields that a mapping writes, `/a/b`; lists are fields as a whole. */
export function ownedPaths(made: PostDraft | DataObject): readonly string[] {
  return made instanceof PostDraft ? draftPaths(made) : ['/$type', ...recordPaths(toDataJson(made) as Json, '')]
}

/**
 * What the mapping makes, together with the fields of the known record that are not the mapping's: what others have put there
 * stays. A field that the mapping once wrote, and no longer does, goes.
 */
export function withForeignFields(
  made: PostDraft | DataObject,
  known: unknown,
  owned: readonly string[],
): PostDraft | DataObject {
  if (!isMap(known)) return made
  const paths = new Set([...owned, ...ownedPaths(made)])
  if (!(made instanceof PostDraft)) return patched(known, toDataJson(made) as Json, paths, '') as DataObject
  const foreign = Object.entries(known).filter(([name]) => !paths.has(`/${escaped(name)}`))
  return foreign.length === 0 ? made : made.keeping(Object.fromEntries(foreign))
}

const settingFields: Readonly<Record<string, string | undefined>> = {
  langs: '/langs',
  labels: '/labels',
  tags: '/tags',
  reply: '/reply',
  keep: undefined,
}

function draftPaths({ settings }: PostDraft): readonly string[] {
  const set = Object.entries(settings).filter(([, value]) => value !== undefined)
  // Cards, quotes and pictures all become the embed.
  const fields = set.map(([name]) => (Object.hasOwn(settingFields, name) ? settingFields[name] : '/embed'))
  return ['/$type', '/text', '/facets', '/createdAt', ...fields.filter((path) => path !== undefined)]
}

function recordPaths(value: Json, above: string): readonly string[] {
  return Object.entries(value).flatMap(([name, field]) => {
    const path = `${above}/${escaped(name)}`
    return isMap(field) ? [path, ...recordPaths(field, path)] : [path]
  })
}

function patched(known: Json, made: Json, owned: ReadonlySet<string>, above: string): Json {
  const entries: [string, unknown][] = []
  for (const [name, value] of Object.entries(known)) {
    const path = `${above}/${escaped(name)}`
    if (Object.hasOwn(made, name)) entries.push([name, fieldOf(value, made[name], owned, path)])
    else if (!owned.has(path)) entries.push([name, value])
  }
  for (const [name, value] of Object.entries(made)) if (!Object.hasOwn(known, name)) entries.push([name, value])
  return Object.fromEntries(entries)
}

function fieldOf(known: unknown, made: unknown, owned: ReadonlySet<string>, path: string): unknown {
  // Another type means other fields: a picture that becomes a link takes nothing along.
  const isSame = isMap(known) && isMap(made) && known.$type === made.$type
  return isSame ? patched(known, made, owned, path) : made
}

/** Blobs, links and bytes are values. */
function isMap(value: unknown): value is Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return !('$link' in value || '$bytes' in value || (value as Json).$type === 'blob')
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}
