import { lstatSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { createHash, makeOwnFolder } from '@strowger/node';
import { CommandFault } from './command-fault.ts';
import type { Settings } from './settings.ts';

/** Where a server with these settings answers commands. */
export interface ControlPlace {
  readonly path: string;
  /** `temporary`: a folder that all users of the machine can write to. */
  readonly folder: 'data' | 'temporary' | 'none';
}

/** What the place depends on beside the settings. */
export interface ControlWorld {
  /** The working folder: it stands for a server in memory that has no configuration file. */
  readonly folder: string;
  readonly temp: string;
  /** The user's number, or a name where there are none. */
  readonly user: string;
  readonly platform: NodeJS.Platform;
}

/**
 * `control.sock` in the data folder. Where the path would be too long for a socket, and for a server that keeps its data in
 * memory, a name made of a hash in a folder of the user's below the temporary one. On Windows a named pipe.
 */
export function controlPlaceOf(settings: Pick<Settings, 'data' | 'file'>, world: ControlWorld): ControlPlace {
  const { data, file } = settings;
  const key = data.type === 'folder' ? `data\n${data.path}` : `memory\n${file ?? world.folder}`;
  const name = createHash()('SHA-256', `${world.user}\n${key}`).slice(0, 16);
  if (world.platform === 'win32') return { path: `\\\\.\\pipe\\strowger-${name}`, folder: 'none' };
  const path = data.type === 'folder' ? join(data.path, 'control.sock') : '';
  if (path !== '' && Buffer.byteLength(path) <= MAX_PATH_BYTES) return { path, folder: 'data' };
  return { path: join(world.temp, `strowger-${world.user}`, `${name}.sock`), folder: 'temporary' };
}

export function controlWorld(folder: string): ControlWorld {
  const user = process.getuid?.().toString() ?? userInfo().username;
  return { folder, temp: tmpdir(), user, platform: process.platform };
}

/**
 * Makes the user's folder below the temporary one. @throws CommandFault where that fails, and where somebody else made it: whoever
 * owns the folder could read the passwords that commands send.
 */
export function makeControlFolder(place: ControlPlace): void {
  if (place.folder !== 'temporary') return;
  const folder = dirname(place.path);
  const failure = makeOwnFolder(folder);
  if (failure !== undefined)
    throw new CommandFault(`${folder} cannot be made: ${failure.why}; set TMPDIR to another place.`, failure.cause);
  requireOwnFolder(place);
}

/** @throws CommandFault for a folder below the temporary one that is not this user's alone */
export function requireOwnFolder(place: ControlPlace): void {
  if (place.folder !== 'temporary') return;
  const folder = dirname(place.path);
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found === undefined) return;
  const isOwn = found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0;
  if (!isOwn)
    throw new CommandFault(`${folder} is not a folder of this user alone: remove it, or set TMPDIR to another place.`);
}

/** What every system takes as the path of a socket. */
const MAX_PATH_BYTES = 100;
