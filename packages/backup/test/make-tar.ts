import { checksum, tarBlock } from '../src/tar/tar-header.ts'

/** A member of a test archive. */
export interface TarMember {
  readonly name: string
  readonly content?: Uint8Array | string | undefined
  readonly type?: string | undefined
  readonly target?: string | undefined
  readonly prefix?: string | undefined
  /** Writes the size in GNU's base 256. */
  readonly base256?: boolean | undefined
  /** Claims another size than the content has. */
  readonly size?: number | undefined
}

/** A tar archive with its closing blocks. */
export function makeTar(members: readonly TarMember[], { closed = true } = {}): Uint8Array {
  const parts = members.flatMap((member) => {
    const content =
      typeof member.content === 'string' ? Buffer.from(member.content) : (member.content ?? new Uint8Array())
    const padding = new Uint8Array((tarBlock - (content.length % tarBlock)) % tarBlock)
    return [makeHeader(member, content.length), content, padding]
  })
  return Uint8Array.from(Buffer.concat(closed ? [...parts, new Uint8Array(2 * tarBlock)] : parts))
}

function makeHeader(member: TarMember, length: number): Uint8Array {
  const block = Buffer.alloc(tarBlock)
  const size = member.size ?? length
  block.write(member.name, 0, 100)
  block.write('0000640\0', 100)
  block.write('0000000\0', 108)
  block.write('0000000\0', 116)
  if (member.base256) {
    block[124] = 0x80
    block.writeBigUInt64BE(BigInt(size), 128)
  } else block.write(`${size.toString(8).padStart(11, '0')}\0`, 124)
  block.write('14524770145\0', 136)
  block.write(member.type ?? '0', 156)
  block.write(member.target ?? '', 157, 100)
  block.write('ustar\0' + '00', 257)
  block.write(member.prefix ?? '', 345, 155)
  return seal(block)
}

/** Writes the right checksum into a header. */
export function seal(block: Buffer): Buffer {
  block.write(`${checksum(block).toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

/** One record of a POSIX extended header. */
export function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`
  const length = Buffer.byteLength(rest)
  const digits = String(length + String(length).length).length
  return `${length + digits}${rest}`
}
