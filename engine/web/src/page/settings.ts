// What a person has chosen for this page on this device: light or dark, sound, notices.

import { type PageText, p } from './texts';

export type Theme = 'auto' | 'light' | 'dark';

interface Settings {
  theme: Theme;
  sound: boolean;
  notice: boolean;
}

const KEY = 'webim.settings';
const THEMES: readonly Theme[] = ['auto', 'light', 'dark'];

const dark = matchMedia('(prefers-color-scheme: dark)');
const settings: Settings = { theme: 'auto', sound: true, notice: false, ...kept() };

function kept(): Partial<Settings> {
  try {
    const { theme, sound, notice } = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Record<string, unknown>;
    return {
      ...(THEMES.includes(theme as Theme) ? { theme: theme as Theme } : {}),
      ...(typeof sound === 'boolean' ? { sound } : {}),
      ...(typeof notice === 'boolean' ? { notice } : {}),
    };
  } catch {
    return {};
  }
}

export function chosen(): Readonly<Settings> {
  return settings;
}

export function choose(change: Partial<Settings>): void {
  Object.assign(settings, change);
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // Lasts as long as the page.
  }
  dress();
}

/** Puts the page into its colours, and keeps it in those of the system where that is wanted. */
export function dress(): void {
  const isDark = settings.theme === 'dark' || (settings.theme === 'auto' && dark.matches);
  document.documentElement.dataset['imTheme'] = isDark ? 'dark' : 'light';
  document.querySelector('meta[name=theme-color]')?.setAttribute('content', isDark ? '#121b1e' : '#e7eff0');
}

dark.addEventListener('change', dress);

/** The theme after this one, round and round. */
export function nextTheme(): Theme {
  return THEMES[(THEMES.indexOf(settings.theme) + 1) % THEMES.length] ?? 'auto';
}

interface Switch {
  alias: string;
  icon: string;
  title: string;
}

/** How the switches of the panel look now. */
export function switches(): Switch[] {
  const { theme, sound, notice } = settings;
  const themes: Record<Theme, [string, PageText]> = { auto: ['circle-dot', 'themeAuto'], light: ['light', 'themeLight'], dark: ['moon', 'themeDark'] };
  const [icon, text] = themes[theme];
  return [
    { alias: 'theme', icon, title: p(text) },
    { alias: 'sound', icon: sound ? 'sound' : 'mute', title: p(sound ? 'soundOn' : 'soundOff') },
    { alias: 'notice', icon: 'notice', title: p(notice ? 'noticeOn' : 'noticeOff') },
  ];
}
