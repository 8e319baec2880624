const label = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?'
const shape = new RegExp(
  `^[a-zA-Z](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\\.${label})+\\.[a-zA-Z](?:[a-zA-Z0-9]{0,62})?$`,
)

/**
 * Whether the text is an NSID, the name of a schema: a reversed domain and a name, at most 317 characters.
 *
 * @example
 * ```ts
 * import { isNsid } from '@exprsn/atproto/syntax'
 *
 * console.log(isNsid('app.bsky.feed.post'), isNsid('app.bsky')) // true false
 * ```
 */
export function isNsid(text: string): boolean {
  return text.length <= 317 && shape.test(text)
}
