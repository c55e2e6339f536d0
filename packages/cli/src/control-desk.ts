import { type Control, ControlFault, openControl } from '@strowger/node/control';
import type { ApiRequest, ApiResponse } from '@strowger/server';
import { CommandFault } from './command-fault.ts';
import { type ControlPlace, controlPlaceOf, controlWorld, makeControlFolder } from './control-path.ts';
import type { Log } from './log.ts';
import type { Settings } from './settings.ts';

/** Where a running server answers the commands of its owner. Until it is told how, it says that the server is starting. */
export interface ControlDesk {
  answerWith(handler: Handler): void;
  /** From now on every request gets this sentence. */
  refuse(sentence: string): void;
  close(): Promise<void>;
}

/**
 * Opens the control socket of the settings.
 * @throws CommandFault (rejects) when another server has the same data; ControlFault when the socket cannot be opened
 */
export async function openControlDesk(settings: Settings, folder: string, log: Log): Promise<ControlDesk> {
  const place = controlPlaceOf(settings, controlWorld(folder));
  let handler: Handler = refusal('The server is starting; ask again in a moment.');
  const control = await openPlace(place, settings, log, (request) => handler(request));
  return {
    answerWith: (next) => {
      handler = next;
    },
    refuse: (sentence) => {
      handler = refusal(sentence);
    },
    close: async () => await control?.close(),
  };
}

async function openPlace(
  place: ControlPlace,
  { data }: Settings,
  log: Log,
  handler: Handler,
): Promise<Control | undefined> {
  makeControlFolder(place);
  try {
    return await openControl(place.path, handler);
  } catch (error) {
    if (!(error instanceof ControlFault) || error.code !== 'NODE_E_CONTROL_LIVE') throw error;
    if (data.type === 'folder')
      throw new CommandFault(`another server runs with the data in ${data.path}; stop it, or choose another --data.`);
    // Two servers in memory share nothing but the name that commands would find them by.
    log.warn('control.taken', { path: place.path, text: 'commands reach the server that was started here before' });
    return undefined;
  }
}

const refusal =
  (error: string): Handler =>
  async () => ({ status: 503, body: { error } });

type Handler = (request: ApiRequest) => Promise<ApiResponse>;
