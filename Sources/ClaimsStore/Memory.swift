internal import CLinux

/// The process's memory as the system sees it.
public enum Memory {
  /// Gives back what was freed, after work that needed much of it for a moment: the C library keeps it otherwise.
  public static func giveBack() { linux_give_back_memory() }
}
