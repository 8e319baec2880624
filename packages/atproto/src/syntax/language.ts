/** RFC 5646 §2.2.8: tags from before there were rules, which the grammar does not give. */
const grandfathered = new Set(
  'en-gb-oed i-ami i-bnn i-default i-enochian i-hak i-klingon i-lux i-mingo i-navajo i-pwn i-tao i-tay i-tsu sgn-be-fr sgn-be-nl sgn-ch-de art-lojban cel-gaulish no-bok no-nyn zh-guoyu zh-hakka zh-min zh-min-nan zh-xiang'.split(
    ' ',
  ),
)
const privateUse = 'x(?:-[a-z0-9]{1,8})+'
const shape = new RegExp(
  `^(?:(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4}|[a-z]{5,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\\d{3}))?` +
    `(?<variants>(?:-(?:[a-z0-9]{5,8}|\\d[a-z0-9]{3}))*)(?<extensions>(?:-[a-wy-z0-9](?:-[a-z0-9]{2,8})+)*)` +
    `(?:-${privateUse})?|${privateUse})$`,
)

/**
 * Whether the text is a well-formed language tag (BCP 47, RFC 5646): no variant and no extension stands twice.
 *
 * @example
 * ```ts
 * import { isLanguage } from '@exprsn/atproto/syntax'
 *
 * console.log(isLanguage('pt-BR'), isLanguage('english language')) // true false
 * ```
 */
export function isLanguage(text: string): boolean {
  // Longer than any tag that means something, and far below what the expression would need time for.
  if (text.length > 128) return false
  const tag = text.toLowerCase()
  if (grandfathered.has(tag)) return true
  const groups = shape.exec(tag)?.groups
  if (groups === undefined) return false
  const variants = (groups.variants ?? '').split('-').slice(1)
  const singletons = (groups.extensions ?? '').match(/-[a-z0-9](?=-)/g) ?? []
  return allDifferent(variants) && allDifferent(singletons)
}

function allDifferent(items: readonly string[]): boolean {
  return new Set(items).size === items.length
}
