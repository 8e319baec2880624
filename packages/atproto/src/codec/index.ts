/**
 * The encodings of the AT Protocol, strict: DAG-CBOR in its canonical form, CIDs, CARs from memory and from streams, TIDs,
 * did:key, multibase and the JSON form of the data model.
 *
 * @packageDocumentation
 */
export { CarIndex, indexCar, type IndexCarOptions } from './car-index.ts'
export type { CarLimits } from './car-limits.ts'
export { CborReader, type CborLimits } from './cbor-reader.ts'
export { Cid, cidLength, cidOf, isBlockOf, parseCid, readCid, writeCidOf, type CidCodec } from './cid.ts'
export { fromDataJson, toDataJson } from './data-json.ts'
export type { DataObject, DataValue } from './data-value.ts'
export { decodeCbor, decodeCborFirst } from './decode-cbor.ts'
export { formatDidKey, parseDidKey, type Curve, type PublicKeyBytes } from './did-key.ts'
export { encodeCbor } from './encode-cbor.ts'
export { codecErrors } from './errors.ts'
export { decodeMultibase, encodeMultibase, type MultibaseName } from './multibase.ts'
export { rawBytes, viewOf } from './raw-bytes.ts'
export { readCar, type CarBlock, type ReadCarOptions } from './read-car.ts'
export { createTidGenerator, formatTid, isTid, parseTid, type TidGeneratorOptions, type TidParts } from './tid.ts'
export { writeCar } from './write-car.ts'
