/** DER (X.690), as far as certificates need it: a tag, a length, and the content. */
export function der(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content)
  if (body.length < 128) return Buffer.concat([Buffer.of(tag, body.length), body])
  const length: number[] = []
  for (let rest = body.length; rest > 0; rest >>>= 8) length.unshift(rest & 0xff)
  return Buffer.concat([Buffer.of(tag, 0x80 | length.length, ...length), body])
}

export function sequence(...content: readonly Uint8Array[]): Buffer {
  return der(0x30, ...content)
}

/** A positive number. */
export function integer(value: number): Buffer {
  return der(0x02, Buffer.of(value & 0x7f))
}

export function text(value: string): Buffer {
  return der(0x0c, Buffer.from(value))
}

/** An object identifier of the parts 2.5.… or 1.2.… */
export function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second]
  for (const part of rest) {
    const groups = [part & 0x7f]
    for (let left = part >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80)
    bytes.push(...groups)
  }
  return der(0x06, Buffer.from(bytes))
}

/** `YYYYMMDDHHMMSSZ`. */
export function time(milliseconds: number): Buffer {
  return der(0x18, Buffer.from(`${new Date(milliseconds).toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`))
}

export function bitString(content: Uint8Array): Buffer {
  return der(0x03, Buffer.of(0), content)
}
