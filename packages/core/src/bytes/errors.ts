import { defineErrors } from '../errors/registry.ts'

/** What goes wrong while bytes are read, written or unpacked. Offsets count from 0. */
export const bytesErrors = defineErrors({
  CORE_BYTES_TRUNCATED: {
    message: 'The input ends at byte {length}, but {needed} bytes are needed at byte {offset}.',
    help: 'The data was cut off on its way or is of another format: fetch it again and compare its length.',
    status: 400,
  },
  CORE_BYTES_TRAILING: {
    message: 'There are {remaining} unexpected bytes after the end of the value at byte {offset}.',
    help: 'The data is of another format, or two values were joined: pass exactly one value.',
    status: 400,
  },
  CORE_BYTES_VARINT_INVALID: {
    message: 'The varint at byte {offset} does not fit into {bits} bits.',
    help: 'The data is damaged or of another format.',
    status: 400,
  },
  CORE_BYTES_INTEGER_UNSAFE: {
    message: 'The integer {value} at byte {offset} is beyond what a JavaScript number holds exactly.',
    help: 'Read it with the method that returns a bigint.',
    status: 400,
  },
  CORE_BYTES_TEXT_INVALID: {
    message: 'The text at byte {offset} is not valid UTF-8.',
    help: 'Read it as bytes, or decode it with the encoding it was written in.',
    status: 400,
  },
  CORE_BYTES_HEX_INVALID: {
    message: 'The text is not hexadecimal at character {index}.',
    help: 'Pass an even number of the digits 0-9, a-f and A-F, without prefix or spaces.',
    status: 400,
  },
  CORE_BYTES_VALUE_INVALID: {
    message: 'The value {value} cannot be written as {type}.',
    help: 'Pass an integer in the range of the type, or text without a zero character for a C string.',
    status: 400,
  },
  CORE_BYTES_OFFSET_INVALID: {
    message: 'The offset or length {value} does not lie within the {length} bytes.',
    help: 'Pass an integer from 0 to the length of the data.',
    status: 400,
  },
  CORE_BYTES_COMPRESSION_UNKNOWN: {
    message: 'The data starts like neither zstd nor gzip.',
    help: 'Name the format, or pass data that is compressed with one of the two.',
    status: 400,
  },
  CORE_BYTES_COMPRESSION_INVALID: {
    message: 'The {format} data is damaged or incomplete: {reason}.',
    help: 'Fetch the data again and compare its length and checksum.',
    status: 400,
  },
  CORE_BYTES_DECOMPRESSION_LIMIT: {
    message: 'The {format} data unpacks to more than the limit of {limit} bytes.',
    help: 'Raise the limit if you trust the sender; a small input that unpacks to a huge one is a common attack.',
    status: 413,
  },
  CORE_BYTES_LIMIT_INVALID: {
    message: 'The limit {limit} is not a number of bytes.',
    help: 'Pass the most bytes that you are ready to hold in memory, 0 or more.',
    status: 400,
  },
  CORE_BYTES_FORMAT_INVALID: {
    message: 'The {format} data is not valid at byte {offset}: {reason}.',
    help: 'The data is damaged, or of another format or version: fetch it again, or read it with what wrote it.',
    status: 400,
  },
  CORE_BYTES_FORMAT_LIMIT: {
    message: 'The {format} data has more than {limit} {what} at byte {offset}.',
    help: 'Raise the limit in the options if you trust the sender.',
    status: 413,
  },
  CORE_BYTES_XML_INVALID: {
    message: 'The XML is not well-formed at byte {offset}: {reason}.',
    help: 'Ask the sender for well-formed XML 1.0 with namespaces.',
    status: 400,
  },
  CORE_BYTES_XML_DOCTYPE: {
    message: 'The XML has a document type declaration at byte {offset}, which is not allowed.',
    help: 'Ask the sender to leave it out: it can name files and expand without end, and no known format here needs it.',
    status: 400,
  },
  CORE_BYTES_XML_LIMIT: {
    message: 'The XML has more than {limit} {what} at byte {offset}.',
    help: 'Raise the limit in the options if you trust the sender.',
    status: 413,
  },
})
