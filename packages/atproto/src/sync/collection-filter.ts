import { syncErrors } from './errors.ts'

const shape = /^[A-Za-z][A-Za-z0-9-]*(\.[A-Za-z0-9-]+)+(\.\*)?$/

/**
 * Whether a path is in one of the collections. A name that ends with `.*` stands for all below it.
 *
 * @throws `ATPROTO_SYNC_OPTION_INVALID`
 */
export function collectionFilter(collections: readonly string[] | undefined): (path: string) => boolean {
  if (collections === undefined) return () => true
  for (const name of collections)
    if (!shape.test(name)) throw syncErrors.ATPROTO_SYNC_OPTION_INVALID({ option: 'collections', value: name })
  const exact = new Set(collections.filter((name) => !name.endsWith('.*')))
  const prefixes = collections.filter((name) => name.endsWith('.*')).map((name) => name.slice(0, -1))
  return (path) => {
    const collection = path.slice(0, path.indexOf('/'))
    return exact.has(collection) || prefixes.some((prefix) => collection.startsWith(prefix))
  }
}
