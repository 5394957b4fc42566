// How an advertisement has to be worded (정보통신망법 제50조 제4항·제6항, 시행령 별표 6; domain.md
// L29, L30), and that nothing is marked as one that is none. What the law asks for stands in the
// template as it will be read: no variable, section or remark can leave it out. Whether the name is
// the sender's, nobody can tell here. Pure.
#pragma once

#include <string>

#include "ieum/notify/v1/types.pb.h"
#include "platform/base/status.h"
#include "services/notify/templates/template.h"

namespace ieum::notify {

// Adds every fault of an advertisement for this channel, fields below `field`, for example
// "template.ko". ADVERTISING_MARK, ADVERTISING_SENDER, ADVERTISING_UNSUBSCRIBE; TEMPLATE_SYNTAX for
// a section or a remark.
void CheckAdvertisement(const Text& text, v1::Channel channel, TextLanguage language,
                        const std::string& field, base::FieldErrors* errors);

// Adds ADVERTISING_MARK where what is called a notice begins with the mark or one that looks like
// it.
void CheckNoAdvertisement(const Text& text, const std::string& field, base::FieldErrors* errors);

}  // namespace ieum::notify
