import { ExprsnError } from '@exprsn/core'
import type { ObjectStore } from '@exprsn/core/storage'
import { storeErrors } from '../errors.ts'
import { parseQuery } from '../query/parse-query.ts'

/** A search that somebody gave a name. */
export interface SavedSearch {
  readonly kind: 'search'
  /** At most 100 bytes of UTF-8; one for each search. */
  readonly name: string
  readonly query: string
}

/** Searches that are looked at together. */
export interface Dashboard {
  readonly kind: 'dashboard'
  /** At most 100 bytes of UTF-8; one for each dashboard. */
  readonly name: string
  /** At most 100. */
  readonly panels: readonly { readonly title: string; readonly query: string }[]
}

/** What is kept with the lines for those who look at them. */
export type SavedItem = SavedSearch | Dashboard

/** Saved searches and dashboards. They lie beside the segments, one file each: any process may change them. */
export interface SavedItems {
  /** All of them, by kind and name. */
  list(): Promise<readonly SavedItem[]>
  /** One of them; undefined where there is none. */
  get(kind: SavedItem['kind'], name: string): Promise<SavedItem | undefined>
  /** Keeps one, in the place of what had its name. @throws `LOGS_STORE_SAVED_INVALID`, `LOGS_QUERY_INVALID` */
  put(item: SavedItem): Promise<void>
  /** Removes one; one that is not there is no error. */
  remove(kind: SavedItem['kind'], name: string): Promise<void>
}

const ending = '.json'

/** Keeps items as objects whose keys begin with a prefix. */
export function savedItems(store: ObjectStore, prefix: string): SavedItems {
  const keyOf = (kind: string, name: string): string =>
    `${prefix}${kind}/${Buffer.from(checkedName(kind, name)).toString('hex')}${ending}`
  const read = async (key: string): Promise<SavedItem | undefined> => {
    try {
      const object = await store.get(key)
      return checkedItem(JSON.parse(Buffer.from(await object.bytes()).toString()))
    } catch (error) {
      if (ExprsnError.is(error) && error.code === 'CORE_STORAGE_NOT_FOUND') return undefined
      if (error instanceof SyntaxError) throw invalid(`${key} is no JSON`)
      throw error
    }
  }
  return {
    async list() {
      const items: SavedItem[] = []
      for await (const { key } of store.list({ prefix })) {
        const item = key.endsWith(ending) ? await read(key) : undefined
        if (item !== undefined) items.push(item)
      }
      return items.sort((a, b) => (a.kind === b.kind ? compare(a.name, b.name) : compare(b.kind, a.kind)))
    },
    get: async (kind, name) => read(keyOf(kind, name)),
    async put(item) {
      const checked = checkedItem(item)
      for (const query of checked.kind === 'search' ? [checked.query] : checked.panels.map((panel) => panel.query))
        parseQuery(query, 0)
      await store.put(keyOf(checked.kind, checked.name), Buffer.from(JSON.stringify(checked)))
    },
    remove: async (kind, name) => store.delete(keyOf(kind, name)),
  }
}

/** Just what belongs to an item, whatever else somebody has sent. */
function checkedItem(value: unknown): SavedItem {
  const { kind, name, query, panels } = (typeof value === 'object' && value !== null ? value : {}) as Partial<
    Record<string, unknown>
  >
  if (typeof name !== 'string') throw invalid('it has no name')
  checkedName(String(kind), name)
  if (kind === 'search') {
    if (typeof query !== 'string') throw invalid('a search has a query')
    return { kind, name, query }
  }
  if (!Array.isArray(panels) || panels.length > 100) throw invalid('a dashboard has a list of 100 panels at most')
  return {
    kind: 'dashboard',
    name,
    panels: panels.map((panel: unknown) => {
      const { title, query: asked } = (panel ?? {}) as Partial<Record<string, unknown>>
      if (typeof title !== 'string' || typeof asked !== 'string') throw invalid('a panel has a title and a query')
      return { title, query: asked }
    }),
  }
}

function checkedName(kind: string, name: string): string {
  if (kind !== 'search' && kind !== 'dashboard') throw invalid(`there is no kind ${JSON.stringify(kind).slice(0, 50)}`)
  const bytes = Buffer.byteLength(name)
  if (bytes === 0 || bytes > 100 || Buffer.from(name).toString() !== name)
    throw invalid('a name is text of 1 to 100 bytes')
  return name
}

function compare(first: string, second: string): number {
  return first < second ? -1 : first > second ? 1 : 0
}

function invalid(reason: string) {
  return storeErrors.LOGS_STORE_SAVED_INVALID({ reason })
}
