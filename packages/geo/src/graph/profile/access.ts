/** Whether one may: everywhere, only to start or end there, or not at all. */
export type Access = 'open' | 'noThrough' | 'closed'

/** Values of OpenStreetMap's access tags (wiki, "Key:access"). What is not listed here forbids. */
const meanings: Readonly<Record<string, Access>> = {
  yes: 'open',
  permissive: 'open',
  designated: 'open',
  official: 'open',
  public: 'open',
  unknown: 'open',
  destination: 'noThrough',
  private: 'noThrough',
  customers: 'noThrough',
  delivery: 'noThrough',
  permit: 'noThrough',
  residents: 'noThrough',
}

/** Tags of an item. */
export type Tags = ReadonlyMap<string, string>

/** What the tags say to a traveller, and by which key; undefined where they say nothing. */
export function accessOf(tags: Tags, keys: readonly string[]): { key: string; access: Access } | undefined {
  for (let index = keys.length - 1; index >= 0; index--) {
    const value = tags.get(keys[index]!)
    if (value !== undefined)
      return { key: keys[index]!, access: Object.hasOwn(meanings, value) ? meanings[value]! : 'closed' }
  }
  return undefined
}
