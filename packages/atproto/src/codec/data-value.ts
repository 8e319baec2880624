import type { Cid } from './cid.ts'

/** A value of the data model of the AT Protocol: what records consist of. Integers are safe integers; floats do not exist. */
export type DataValue = null | boolean | number | string | Uint8Array | Cid | readonly DataValue[] | DataObject

/** A map of the data model. The value `undefined` stands for an absent key. */
export interface DataObject {
  readonly [key: string]: DataValue | undefined
}
