import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** One file of lines that grows to a size and then makes room: file → file.1 → file.2 …. Knows nothing of events. */
export interface LineFile {
  /** Appends whole lines, each ending in a newline; resolves once the operating system has them. */
  write(lines: readonly string[]): Promise<void>
  close(): Promise<void>
}

export interface LineFileOptions {
  readonly maxBytes: number
  /** Full files kept beside the current one. */
  readonly keep: number
  /** Also waits for the disk, so that a line survives the loss of power. */
  readonly sync: boolean
}

const newline = '\n'.charCodeAt(0)

interface OpenFile {
  readonly handle: FileHandle
  sizeBytes: number
}

/** @throws whatever the file system throws, here and in `write`; a failed `write` leaves no torn line behind. */
export async function openLineFile(
  path: string,
  { maxBytes, keep, sync }: LineFileOptions,
): Promise<LineFile> {
  await mkdir(dirname(path), { recursive: true })
  let current: OpenFile | undefined = await openForAppend(path)

  async function rotate(full: OpenFile): Promise<OpenFile> {
    current = undefined
    await full.handle.close()
    await rm(`${path}.${keep}`, { force: true })
    for (let n = keep - 1; n >= 1; n -= 1) await renameIfThere(`${path}.${n}`, `${path}.${n + 1}`)
    if (keep > 0) await renameIfThere(path, `${path}.1`)
    else await rm(path, { force: true })
    current = await openForAppend(path)
    return current
  }

  async function append(file: OpenFile, bytes: Buffer): Promise<void> {
    try {
      await file.handle.appendFile(bytes)
      if (sync) await file.handle.datasync()
      file.sizeBytes += bytes.length
    } catch (thrown) {
      // Opening again closes a torn line, should the disk be too full even to cut it off here.
      current = undefined
      await file.handle.truncate(file.sizeBytes).catch(() => undefined)
      await file.handle.close().catch(() => undefined)
      throw thrown
    }
  }

  return {
    async write(lines) {
      let rest = lines.map((line) => Buffer.from(line))
      while (rest.length > 0) {
        let file = (current ??= await openForAppend(path))
        if (file.sizeBytes > 0 && file.sizeBytes + (rest[0]?.length ?? 0) > maxBytes)
          file = await rotate(file)
        const count = countThatFit(rest, maxBytes - file.sizeBytes)
        await append(file, Buffer.concat(rest.slice(0, count)))
        rest = rest.slice(count)
      }
    },
    async close() {
      const file = current
      current = undefined
      await file?.handle.close()
    },
  }
}

/** A process killed in the middle of a write leaves half a line; a newline keeps the next one apart from it. */
async function openForAppend(path: string): Promise<OpenFile> {
  const handle = await open(path, 'a+')
  try {
    let { size: sizeBytes } = await handle.stat()
    if (sizeBytes > 0) {
      const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, sizeBytes - 1)
      if (buffer[0] !== newline) {
        await handle.appendFile('\n')
        sizeBytes += 1
      }
    }
    return { handle, sizeBytes }
  } catch (thrown) {
    await handle.close()
    throw thrown
  }
}

/** At least one: a line longer than a whole file gets a file of its own. */
function countThatFit(lines: readonly Buffer[], roomBytes: number): number {
  let leftBytes = roomBytes
  const fitting = lines.findIndex((line) => {
    leftBytes -= line.length
    return leftBytes < 0
  })
  return fitting === -1 ? lines.length : Math.max(1, fitting)
}

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown
  }
}
