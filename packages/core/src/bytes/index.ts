/**
 * Bytes: checksums, varints, hexadecimal, cursors that name the byte they failed at, decompression with a limit, protobuf,
 * MessagePack, Snappy, LZ4, LZF, lines of CSV, and a streaming XML reader.
 *
 * @packageDocumentation
 */
export { ByteReader, type ByteOrder, type ByteOrderOptions } from './byte-reader.ts'
export { ByteWriter, type ByteWriterOptions } from './byte-writer.ts'
export type { CompressionFormat } from './compression-format.ts'
export { concatBytes } from './concat-bytes.ts'
export { crc32c } from './crc32c.ts'
export { csvLine } from './csv-line.ts'
export { decompress, type DecompressOptions } from './decompress.ts'
export { equalConstantTime } from './equal-constant-time.ts'
export { equalSecrets } from './equal-secrets.ts'
export { bytesErrors } from './errors.ts'
export { fromHex, toHex } from './hex.ts'
export { instantiateWasm } from './instantiate-wasm.ts'
export { encodeVarint, unzigzag, zigzag } from './varint.ts'
export { crc64 } from './crc64.ts'
export { lz4Decompress } from './lz4.ts'
export { lzfCompress, lzfDecompress } from './lzf.ts'
export { decodeMsgpack, type DecodeMsgpackOptions } from './msgpack/decode-msgpack.ts'
export { encodeMsgpack, type EncodeMsgpackOptions } from './msgpack/encode-msgpack.ts'
export { MsgpackExtension } from './msgpack/msgpack-extension.ts'
export type { ProtobufNumber } from './protobuf/protobuf-number.ts'
export { ProtobufReader, type ProtobufReaderOptions } from './protobuf/protobuf-reader.ts'
export { ProtobufWriter } from './protobuf/protobuf-writer.ts'
export { snappyCompress, snappyDecompress, type SnappyOptions } from './snappy-block.ts'
export { snappyFrame, snappyUnframe } from './snappy-frame.ts'
export { readXml, type ReadXmlOptions } from './xml/read-xml.ts'
export type { XmlAttribute, XmlEvent } from './xml/xml-event.ts'
export type { XmlLimits } from './xml/xml-limits.ts'
export { XmlReader } from './xml/xml-reader.ts'
