import { defineMapping, type Mapping } from '../publish/index.ts'
import { fieldSchema } from './field-schema.ts'

/** Something that is sold. */
export interface Product {
  readonly id: string
  readonly name: string
  readonly description?: string | undefined
  /** As it is to be read: `12,50 €`. @default not shown */
  readonly price?: string | undefined
  /** Where it can be bought. */
  readonly url: string
  /** @default none */
  readonly tags?: readonly string[] | undefined
  /** What is no longer sold is taken back. @default true */
  readonly available?: boolean | undefined
}

/**
 * Announces products: name, price and description as the text, the shop's page as a card. What can no longer be bought is
 * taken back.
 *
 * @example
 * ```ts
 * import { products } from '@exprsn/atproto/mapping'
 *
 * const lamp = { id: 'lamp', name: 'Desk lamp', price: '49 €', url: 'https://shop.example/lamp', available: false }
 * console.log(products().visibility?.(lamp)) // false
 * ```
 */
export function products(changes: Partial<Mapping<Product>> = {}): Mapping<Product> {
  return defineMapping<Product>({
    source: fieldSchema({
      id: 'text',
      name: 'text',
      description: 'text?',
      price: 'text?',
      url: 'url',
      tags: 'texts?',
      available: 'flag?',
    }),
    identity: ({ id }) => id,
    visibility: ({ available }) => available !== false,
    toRecord({ name, description, price, url, tags = [] }, { text }) {
      const headline = price === undefined ? name : `${name} – ${price}`
      const draft = text.plain(description === undefined ? headline : `${headline}\n\n${description}`)
      const card = draft.card(url, { title: headline, description: description ?? '' })
      return tags.length === 0 ? card : card.tags(...tags.slice(0, 8))
    },
    ...changes,
  })
}
