import { instantiateWasm } from '@exprsn/core/bytes'

/** Memory that threads share and WebAssembly reaches; plain data that threads hand on. Node's own types leave it to the browser's. */
export interface WasmMemory {
  readonly buffer: SharedArrayBuffer
}

interface WebAssemblyLike {
  readonly Memory: new (size: { initial: number; maximum: number; shared: true }) => WasmMemory
}

const page = 65_536
/** WebAssembly's addresses have 32 bits. */
const mostPages = 65_536

/** What texts are read of beyond their ends. */
const margin = 64

interface ArrayType<Array> {
  readonly BYTES_PER_ELEMENT: number
  new (buffer: SharedArrayBuffer, offset: number, length: number): Array
}

/** Memory for columns, one behind the other, which threads look at where it is. It is zero, and taken only where it is written to. */
export class RowsMemory {
  /** Undefined where WebAssembly cannot reach it. */
  readonly wasm: WasmMemory | undefined
  readonly #buffer: SharedArrayBuffer
  #used = margin

  /** @param bytes of all columns together @param columns how many there are at most */
  constructor(bytes: number, columns: number) {
    const pages = Math.ceil((bytes + (columns + 1) * margin) / page)
    this.wasm = wasmMemory(pages)
    this.#buffer = this.wasm?.buffer ?? new SharedArrayBuffer(pages * page)
  }

  /** A column of so many numbers. */
  column<Array>(type: ArrayType<Array>, length: number): Array {
    const offset = this.#used
    this.#used = Math.ceil((offset + type.BYTES_PER_ELEMENT * length + margin) / 16) * 16
    return new type(this.#buffer, offset, length)
  }
}

function wasmMemory(pages: number): WasmMemory | undefined {
  if (pages > mostPages) return undefined
  try {
    const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyLike }
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
  } catch {
    return undefined
  }
}

/** As `instantiateWasm`, of a module that works on such memory. */
export function instantiateOver<Exports>(memory: WasmMemory, base64: string): Exports | undefined {
  return instantiateWasm<Exports>(base64, { rows: { memory } })
}
