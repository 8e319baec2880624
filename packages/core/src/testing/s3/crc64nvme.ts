/** The polynomial of CRC-64/NVME, bits reversed (NVM Express NVM Command Set Specification, "64b CRC definition"). */
const polynomial = 0x9a6c9329ac4bc9b5n
const ones = 0xffff_ffff_ffff_ffffn

/** CRC-64/NVME. Plain and slow: the simulator meets it only where a client asks for it. */
export function crc64nvme(bytes: Uint8Array): bigint {
  let crc = ones
  for (const byte of bytes) {
    crc ^= BigInt(byte)
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1n) === 1n ? (crc >> 1n) ^ polynomial : crc >> 1n
  }
  return crc ^ ones
}
