import type { ItemKind } from '../items/item.ts'

/** What a gateway's contract says it keeps. The first rule that fits a movement holds. */
export interface FeeRule {
  readonly gateway: string
  readonly currency: string
  /** @default 'charge' */
  readonly kind?: ItemKind | undefined
  /** A part of the amount, as decimal text: `0.029` is 2.9 %. @default '0' */
  readonly rate?: string | undefined
  /** Minor units. @default 0n */
  readonly fixed?: bigint | undefined
  /** Minor units. @default none */
  readonly minimum?: bigint | undefined
  /** Minor units. @default none */
  readonly maximum?: bigint | undefined
  /** `YYYY-MM-DD`, included. @default always */
  readonly since?: string | undefined
  /** `YYYY-MM-DD`, excluded. @default always */
  readonly until?: string | undefined
}
